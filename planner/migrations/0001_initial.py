import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('jobs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EstimateResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.CharField(choices=[('planned', 'Planned'), ('measured', 'Measured')], default='planned', max_length=10)),
                ('npv_mean', models.FloatField()),
                ('npv_p5', models.FloatField()),
                ('npv_p50', models.FloatField()),
                ('npv_p95', models.FloatField()),
                ('roi', models.FloatField(null=True)),
                ('irr', models.FloatField(null=True)),
                ('payback_months', models.FloatField(null=True)),
                ('loss_probability', models.FloatField()),
                ('pv_costs', models.FloatField()),
                ('inputs', models.JSONField(help_text='every assumption, as text')),
                ('formula_version', models.PositiveSmallIntegerField()),
                ('computed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['-computed_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Process',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('description', models.TextField(blank=True)),
                ('cases_a_year', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0.0)])),
                ('cases_source', models.CharField(choices=[('log', 'measured in the log'), ('user', 'set by a person'), ('flow', 'follows from the branches'), ('default', 'a default'), ('none', 'not known')], default='none', max_length=10)),
                ('example', models.CharField(blank=True, help_text='key of the worked example it came from', max_length=40)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='processes', to='accounts.workspace')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='LogUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=200)),
                ('name', models.CharField(blank=True, help_text='name of the process it will become', max_length=120)),
                ('size', models.PositiveBigIntegerField(help_text='bytes, packed as it came')),
                ('state', models.CharField(choices=[('uploaded', 'to be checked'), ('refused', 'cannot be read'), ('importing', 'being imported'), ('failed', 'import failed'), ('imported', 'imported')], default='uploaded', max_length=10)),
                ('format', models.CharField(blank=True, max_length=10)),
                ('mapping', models.JSONField(blank=True, default=dict)),
                ('preview', models.JSONField(blank=True, default=dict)),
                ('problems', models.JSONField(blank=True, default=list)),
                ('example', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.blob')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.run')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='accounts.workspace')),
                ('process', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='planner.process')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='EventLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('statistics', models.JSONField(default=dict)),
                ('first_start', models.DateTimeField()),
                ('last_start', models.DateTimeField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('events', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.blob')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('upload', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='planner.logupload')),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='logs', to='planner.process')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('task', 'task'), ('start', 'start'), ('end', 'end')], default='task', max_length=10)),
                ('activity', models.CharField(blank=True, help_text='its name in the log', max_length=400)),
                ('visits_a_case', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0.0)])),
                ('volume_a_year', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0.0)])),
                ('volume_source', models.CharField(choices=[('log', 'measured in the log'), ('user', 'set by a person'), ('flow', 'follows from the branches'), ('default', 'a default'), ('none', 'not known')], default='none', max_length=10)),
                ('handling_minutes', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0.0)])),
                ('handling_source', models.CharField(choices=[('log', 'measured in the log'), ('user', 'set by a person'), ('flow', 'follows from the branches'), ('default', 'a default'), ('none', 'not known')], default='none', max_length=10)),
                ('waiting_hours', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0.0)])),
                ('rework_share', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(1.0)])),
                ('automatic_proposed', models.BooleanField(default=False, help_text='the log looks as if a machine did it')),
                ('automatic', models.BooleanField(blank=True, help_text='what a person said; null leaves the proposal', null=True)),
                ('resources', models.JSONField(blank=True, default=list)),
                ('figures', models.JSONField(blank=True, default=dict)),
                ('x', models.FloatField(blank=True, null=True)),
                ('y', models.FloatField(blank=True, null=True)),
                ('position', models.PositiveIntegerField(default=0)),
                ('removed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='planner.process')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SuitabilityAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=20)),
                ('score', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(5)])),
                ('evidence', models.CharField(blank=True, max_length=400)),
                ('answered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='planner.task')),
            ],
        ),
        migrations.CreateModel(
            name='MeasuredValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tp', models.PositiveIntegerField()),
                ('fp', models.PositiveIntegerField()),
                ('fn', models.PositiveIntegerField()),
                ('tn', models.PositiveIntegerField()),
                ('threshold', models.FloatField(null=True)),
                ('beats_baseline', models.BooleanField(null=True)),
                ('source', models.CharField(max_length=200)),
                ('verdict', models.CharField(choices=[('predict', 'predict'), ('write_a_rule', 'write a rule'), ('trivial', 'trivial'), ('not_predictable', 'not predictable'), ('not_worth_it', 'not worth it'), ('gather_data_first', 'gather data first'), ('keep_human', 'keep human'), ('already_automatic', 'already automatic')], max_length=20)),
                ('reason', models.CharField(max_length=400)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('measured', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='planner.estimateresult')),
                ('planned', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='planner.estimateresult')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measured_values', to='planner.task')),
            ],
            options={
                'ordering': ['-recorded_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Flow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.PositiveIntegerField(blank=True, null=True)),
                ('probability', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0.0), django.core.validators.MaxValueValidator(1.0)])),
                ('label', models.CharField(blank=True, max_length=120)),
                ('removed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flows', to='planner.process')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outgoing', to='planner.task')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='incoming', to='planner.task')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='estimateresult',
            name='task',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='value_results', to='planner.task'),
        ),
        migrations.CreateModel(
            name='Estimate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assumptions', models.JSONField(blank=True, default=dict)),
                ('version', models.PositiveIntegerField(default=0)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='estimate', to='planner.task')),
            ],
        ),
        migrations.CreateModel(
            name='DecisionTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=900)),
                ('spec', models.JSONField()),
                ('role', models.CharField(choices=[('outcome', 'outcome'), ('next', 'next'), ('elsewhere', 'elsewhere'), ('attribute', 'attribute'), ('time', 'time'), ('asked', 'asked')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('verdict', models.CharField(blank=True, choices=[('predict', 'predict'), ('write_a_rule', 'write a rule'), ('trivial', 'trivial'), ('not_predictable', 'not predictable'), ('not_worth_it', 'not worth it'), ('gather_data_first', 'gather data first'), ('keep_human', 'keep human'), ('already_automatic', 'already automatic')], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('evidence', models.JSONField(blank=True, default=dict)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('chosen', models.BooleanField(default=False)),
                ('picked', models.BooleanField(default=False, help_text='a person chose it')),
                ('screened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('chosen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
                ('log', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='planner.eventlog')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='planner.task')),
            ],
            options={
                'ordering': ['task_id', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='EstimateChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(help_text='the version this edit made')),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('written_before', models.JSONField(default=dict, help_text='the texts that stood there, proposed ones too')),
                ('undoes', models.PositiveIntegerField(blank=True, help_text='the version this edit took back', null=True)),
                ('mean_before', models.FloatField(null=True)),
                ('mean_after', models.FloatField(null=True)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('estimate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='planner.estimate')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('estimate', 'version'), name='one_change_a_version')],
            },
        ),
        migrations.AddIndex(
            model_name='process',
            index=models.Index(fields=['workspace', 'created_at'], name='process_by_age'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['process', 'position'], name='task_by_position'),
        ),
        migrations.AddConstraint(
            model_name='suitabilityanswer',
            constraint=models.UniqueConstraint(fields=('task', 'question'), name='one_answer_a_question'),
        ),
        migrations.AddConstraint(
            model_name='flow',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('source', 'target'), name='one_flow_between_two_nodes'),
        ),
        migrations.AddConstraint(
            model_name='decisiontarget',
            constraint=models.UniqueConstraint(fields=('task', 'text'), name='one_target_a_text'),
        ),
        migrations.AddConstraint(
            model_name='decisiontarget',
            constraint=models.UniqueConstraint(condition=models.Q(('chosen', True)), fields=('task',), name='one_chosen_target_a_task'),
        ),
    ]
