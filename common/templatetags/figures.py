"""The figures of `common.formatting` as template filters: `{{ cost|money:currency }}`, `{{ visits|count }}`."""

from django import template

from common import formatting

register = template.Library()

for figure in (
    formatting.number,
    formatting.count,
    formatting.money,
    formatting.thousands,
    formatting.price,
    formatting.share,
    formatting.in_hundred,
    formatting.signed,
    formatting.minutes,
    formatting.hours,
    formatting.clock,
    formatting.size,
    formatting.spelled,
    formatting.things,
    formatting.listed,
):
    register.filter(figure.__name__, figure)

register.simple_tag(formatting.interval, name="interval")
register.simple_tag(formatting.things, name="things")
