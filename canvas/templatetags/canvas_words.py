"""Words of the canvas for its templates."""

from django import template

from canvas.domain.changes import told

register = template.Library()
register.filter("told", told)
