"""Addresses of planner: pages below /w/<workspace>/, and its part of the API."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from planner.api.assumptions import ProcessDefaultsView, SharedCostsView, SharedCostView, WorkspaceDefaultsView
from planner.api.discovery import DiscoveryView, UndoView
from planner.api.foresight import ForesightView, TargetsView, TaskForesightView
from planner.api.hours import ProcessHoursView, RejectedRowsView, WorkspaceHoursView
from planner.api.imports import ImportsView, ImportView
from planner.api.logs import LogApplyView, LogsView, LogView
from planner.api.observed import (
    BottlenecksView,
    FollowsView,
    HandOversView,
    ResourcesView,
    ReworkView,
    VariantsView,
)
from planner.api.portfolios import PortfolioDecideView, PortfolioResultView, PortfoliosView, PortfolioView
from planner.api.processes import GraphView, InventoryView, ProcessViewSet
from planner.api.tasks import FlowViewSet, TaskViewSet
from planner.api.value import EstimateView, RankingView, SuitabilityView
from planner.views import (
    discovery,
    foresight,
    home,
    imports,
    inventory,
    left_out,
    logs,
    observed,
    portfolios,
    processes,
    ranking,
    suitability,
    tasks,
    value,
    working_hours,
)

app_name = "planner"

process_patterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("import/", imports.import_log, name="import"),
    path("import/<int:pk>/", imports.upload, name="upload"),
    path("import/<int:pk>/discard/", imports.upload_discard, name="upload_discard"),
    path("import/<int:pk>/rows/", imports.upload_rows, name="upload_rows"),
    path("import/<int:pk>/replace/", imports.upload_replace, name="upload_replace"),
    path("examples/<slug:key>/", imports.example, name="example"),
    path("processes/", inventory.processes, name="processes"),
    path("processes/compare/", inventory.compare, name="processes_compare"),
    path("processes.csv", inventory.inventory_csv, name="processes_csv"),
    path("processes/new/", processes.process_new, name="process_new"),
    path("processes/<int:pk>/", processes.process, name="process"),
    path("processes/<int:pk>/inventory/", inventory.entry, name="inventory_entry"),
    path("processes/<int:pk>/delete/", processes.delete, name="process_delete"),
    path("processes/<int:pk>/hours/", working_hours.process_hours, name="process_hours"),
    path("processes/<int:pk>/left-out.csv", left_out.rejected_rows, name="rejected_rows"),
    path("hours/", working_hours.workspace_hours, name="workspace_hours"),
    path("processes/<int:pk>/flows/", processes.flows, name="flows"),
    path("processes/<int:pk>/as-it-runs/", observed.observed, name="observed"),
    path("processes/<int:pk>/as-it-runs.csv", observed.observed_csv, name="observed_csv"),
    path("processes/<int:pk>/tasks/", tasks.tasks, name="tasks"),
    path("processes/<int:pk>/tasks/add/", tasks.add, name="task_add"),
    path("processes/<int:pk>/nodes/", tasks.nodes, name="nodes"),
    path("processes/<int:pk>/mend/", tasks.mend, name="mend"),
    path("processes/<int:pk>/tasks.csv", tasks.tasks_csv, name="tasks_csv"),
    path("processes/<int:pk>/graph.json", tasks.graph, name="graph"),
    path("processes/<int:pk>/discovery/", discovery.discovery, name="discovery"),
    path("processes/<int:pk>/undo/", discovery.undo, name="graph_undo"),
    path("processes/<int:pk>/logs/", logs.logs, name="logs"),
    path("logs/<int:pk>/", logs.log, name="log"),
    path("logs/<int:pk>/match/", logs.log_matched, name="log_match"),
    path("logs/<int:pk>/delete/", logs.log_removed, name="log_delete"),
    path("flows/<int:pk>/", processes.flow_edit, name="flow_edit"),
    path("flows/<int:pk>/restore/", tasks.restore_flow, name="flow_restore"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/delete/", tasks.delete, name="task_delete"),
    path("tasks/<int:pk>/restore/", tasks.restore, name="task_restore"),
]

value_patterns: list[URLPattern | URLResolver] = [
    path("processes/<int:pk>/suitability/", suitability.suitability, name="suitability"),
    path("processes/<int:pk>/values/", value.values, name="values"),
    path("processes/<int:pk>/ranking/", ranking.ranking, name="ranking"),
    path("tasks/<int:pk>/suitability/", suitability.answer, name="suitability_answer"),
    path("tasks/<int:pk>/value/", value.value, name="value"),
    path("tasks/<int:pk>/value/undo/", value.value_undo, name="value_undo"),
    path("portfolios/", portfolios.portfolios, name="portfolios"),
    path("portfolios/<int:pk>/", portfolios.portfolio, name="portfolio"),
    path("portfolios/<int:pk>/choose/", portfolios.choose, name="portfolio_choose"),
    path("portfolios/<int:pk>/decide/", portfolios.decide, name="portfolio_decide"),
    path("portfolios/<int:pk>/delete/", portfolios.delete, name="portfolio_delete"),
]

foresight_patterns: list[URLPattern | URLResolver] = [
    path("processes/<int:pk>/foresight/", foresight.foresight, name="foresight"),
    path("processes/<int:pk>/foresight/check/", foresight.check, name="foresight_check"),
    path("tasks/<int:pk>/targets/", foresight.targets, name="targets"),
    path("tasks/<int:pk>/targets/check/", foresight.task_check, name="task_check"),
]

urlpatterns: list[URLPattern | URLResolver] = [*process_patterns, *value_patterns, *foresight_patterns]

router = SimpleRouter()
router.register("processes", ProcessViewSet, basename="process")
router.register("tasks", TaskViewSet, basename="task")
router.register("flows", FlowViewSet, basename="flow")

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("processes/inventory/", InventoryView.as_view(), name="process-inventory"),
    path("processes/import/", ImportsView.as_view(), name="process-import"),
    path("processes/import/<int:pk>/", ImportView.as_view(), name="process-import-detail"),
    path("assumptions/", WorkspaceDefaultsView.as_view(), name="assumptions"),
    path("processes/<int:pk>/assumptions/", ProcessDefaultsView.as_view(), name="process-assumptions"),
    path("shared-costs/", SharedCostsView.as_view(), name="shared-costs"),
    path("shared-costs/<int:pk>/", SharedCostView.as_view(), name="shared-cost-detail"),
    path("portfolios/", PortfoliosView.as_view(), name="portfolios"),
    path("portfolios/<int:pk>/", PortfolioView.as_view(), name="portfolio-detail"),
    path("portfolios/<int:pk>/result/", PortfolioResultView.as_view(), name="portfolio-result"),
    path("portfolios/<int:pk>/decide/", PortfolioDecideView.as_view(), name="portfolio-decide"),
    path("hours/", WorkspaceHoursView.as_view(), name="hours"),
    path("processes/<int:pk>/hours/", ProcessHoursView.as_view(), name="process-hours"),
    path("processes/<int:pk>/log/left-out/", RejectedRowsView.as_view(), name="process-left-out"),
    path("processes/<int:pk>/graph/", GraphView.as_view(), name="process-graph"),
    path("processes/<int:pk>/directly-follows/", FollowsView.as_view(), name="process-directly-follows"),
    path("processes/<int:pk>/variants/", VariantsView.as_view(), name="process-variants"),
    path("processes/<int:pk>/rework/", ReworkView.as_view(), name="process-rework"),
    path("processes/<int:pk>/resources/", ResourcesView.as_view(), name="process-resources"),
    path("processes/<int:pk>/hand-overs/", HandOversView.as_view(), name="process-hand-overs"),
    path("processes/<int:pk>/bottlenecks/", BottlenecksView.as_view(), name="process-bottlenecks"),
    path("processes/<int:pk>/discovery/", DiscoveryView.as_view(), name="process-discovery"),
    path("processes/<int:pk>/logs/", LogsView.as_view(), name="process-logs"),
    path("logs/<int:pk>/", LogView.as_view(), name="log-detail"),
    path("logs/<int:pk>/apply/", LogApplyView.as_view(), name="log-apply"),
    path("processes/<int:pk>/undo/", UndoView.as_view(), name="process-undo"),
    path("processes/<int:pk>/foresight/", ForesightView.as_view(), name="process-foresight"),
    path("tasks/<int:pk>/foresight/", TaskForesightView.as_view(), name="task-foresight"),
    path("tasks/<int:pk>/targets/", TargetsView.as_view(), name="task-targets"),
    path("processes/<int:pk>/ranking/", RankingView.as_view(), name="process-ranking"),
    path("tasks/<int:pk>/suitability/", SuitabilityView.as_view(), name="task-suitability"),
    path("tasks/<int:pk>/estimate/", EstimateView.as_view(), name="task-estimate"),
    *router.urls,
]
