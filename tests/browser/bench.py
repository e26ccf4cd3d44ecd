"""A page with one of each part that needs a script, for tests of the parts themselves."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import URLPattern, URLResolver, include, path

from accounts import urls as accounts_urls
from common.security import chart_page
from config import urls as config_urls

PARTS = """
{% extends "base.html" %}
{% block scripts %}{% include "includes/_chart_scripts.html" %}{% endblock %}
{% block content %}
<h1>Parts</h1>
{% include "includes/_chart.html" with name="cash" figure=figure title="The money is back" %}
<section class="panel" data-saves>
  <h2>Note</h2>
  {% include "includes/_saved.html" %}
  <form data-autosave method="post" action="/note/">
    {% csrf_token %}
    <label for="note">Note</label>
    <input class="input" id="note" name="note">
  </form>
</section>
<table id="rows">
  <caption>Rows</caption>
  <tbody><tr><th scope="row">Triage claim</th></tr><tr><th scope="row">Pay</th></tr></tbody>
</table>
<label for="only">Only</label>
<input id="only" data-filter="rows">
<p data-filter-count="rows"></p>
{% endblock %}
"""
FIGURE = {
    "data": [
        {"type": "bar", "name": "net", "x": ["start", "year 1"], "y": [-265, 19.5], "marker": {"color": "var(--gain)"}},
        {"type": "bar", "name": "=cmd()", "x": ["start"], "y": [1], "marker": {"color": "var(--loss)"}},
    ],
    "layout": {"xaxis": {"title": {"text": "year"}}, "yaxis": {"title": {"text": "k EUR"}}, "height": 300},
}
NOTES: list[str] = []


@chart_page
def parts(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PARTS.strip()).render({"figure": FIGURE}, request))


def note(request: HttpRequest) -> HttpResponse:
    given = request.POST.get("note", "")
    if given == "refuse":
        words = '<p data-problem="Too long" data-detail="Write less."></p>'
        return HttpResponse(words, status=409)
    NOTES.append(given)
    return HttpResponse("")


urlpatterns: list[URLPattern | URLResolver] = [
    path("parts/", parts),
    path("note/", note),
    path("", include(accounts_urls)),
    *config_urls.urlpatterns,
]
