import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('planner', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Canvas',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('designed_for', models.CharField(blank=True, max_length=200)),
                ('designed_by', models.CharField(blank=True, max_length=200)),
                ('iteration', models.PositiveIntegerField(default=1)),
                ('fields', models.JSONField(blank=True, default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
                ('conclusion', models.CharField(choices=[('open', 'Still open'), ('build', 'Build it'), ('do_not_build', 'Do not build ML here')], default='open', max_length=20)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='canvas', to='planner.task')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='canvases', to='accounts.workspace')),
            ],
            options={
                'verbose_name_plural': 'canvases',
            },
        ),
        migrations.CreateModel(
            name='CanvasRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('cause', models.CharField(max_length=40)),
                ('changes', models.JSONField(default=list)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('canvas', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='canvas.canvas')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('canvas', 'version'), name='one_revision_a_version')],
            },
        ),
    ]
