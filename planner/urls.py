"""Addresses of planner: pages below /w/<workspace>/, and its part of the API."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from planner.api.assumptions import ProcessDefaultsView, SharedCostsView, SharedCostView, WorkspaceDefaultsView
from planner.api.decisions import DecisionView
from planner.api.discovery import DiscoveryView, UndoView
from planner.api.effect import EffectView
from planner.api.estimate_files import (
    EstimateFileView,
    EstimateWrittenView,
    ProcessEstimateFileView,
    ProcessEstimatesView,
    WorkspaceEstimatesView,
)
from planner.api.estimate_templates import EstimateTemplatesView, EstimateTemplateView
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
from planner.api.reports import ReportDocumentView, ReportsView, ReportView, ReportWorkbookView
from planner.api.scenarios import ScenariosView, ScenarioView
from planner.api.suitability import ProcessSuitabilityView, SuitabilityView
from planner.api.tasks import FlowViewSet, TaskViewSet
from planner.api.value import EstimateView, RankingView, ResultsView, WorkspaceRankingView
from planner.views import (
    amount,
    assumptions,
    decisions,
    discovery,
    effect,
    estimate_files,
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
    reports,
    scenarios,
    shared_costs,
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
    path("processes/<int:pk>/reports/", reports.reports, name="reports"),
    path("reports/<int:pk>/delete/", reports.delete, name="report_delete"),
    path("reports/<int:pk>/report.pdf", reports.download, {"ending": "pdf"}, name="report_pdf"),
    path("reports/<int:pk>/report.xlsx", reports.download, {"ending": "xlsx"}, name="report_xlsx"),
    path("processes/<int:pk>/ranking.csv", ranking.ranking_csv, name="ranking_csv"),
    path("ranking/", ranking.ranking_all, name="ranking_all"),
    path("ranking.csv", ranking.ranking_all_csv, name="ranking_all_csv"),
    path("processes/<int:pk>/scenarios/", scenarios.scenarios, name="scenarios"),
    path("processes/<int:pk>/scenarios/new/", scenarios.scenario_new, name="scenario_new"),
    path("scenarios/<int:pk>/", scenarios.scenario, name="scenario"),
    path("processes/<int:pk>/effect/", effect.effect, name="effect"),
    path("scenarios/<int:pk>/delete/", scenarios.scenario_removed, name="scenario_delete"),
    path("processes/<int:pk>/suitability/answers/", suitability.answers, name="suitability_answers"),
    path("tasks/<int:pk>/decision/", decisions.decision, name="decision"),
    path("tasks/<int:pk>/value/", value.value, name="value"),
    path("tasks/<int:pk>/value/undo/", value.value_undo, name="value_undo"),
    path("tasks/<int:pk>/value/default/", assumptions.value_default, name="value_default"),
    path("tasks/<int:pk>/value/template/", value.value_template, name="value_template"),
    path("amount/", amount.amount, name="amount"),
    path("assumptions/", assumptions.workspace_assumptions, name="assumptions"),
    path("processes/<int:pk>/assumptions/", assumptions.process_assumptions, name="process_assumptions"),
    path("shared-costs/", shared_costs.shared_costs, name="shared_costs"),
    path("shared-costs/new/", shared_costs.shared_cost_new, name="shared_cost_new"),
    path("shared-costs/<int:pk>/", shared_costs.shared_cost, name="shared_cost"),
    path("shared-costs/<int:pk>/delete/", shared_costs.shared_cost_removed, name="shared_cost_delete"),
    path("estimates/", estimate_files.workspace_estimates, name="estimates"),
    path("estimates/files/<int:pk>/", estimate_files.written_file, name="estimate_file"),
    path("estimates.csv", estimate_files.workspace_file, {"kind": "csv"}, name="estimates_csv"),
    path("estimates.xlsx", estimate_files.workspace_file, {"kind": "xlsx"}, name="estimates_xlsx"),
    path("processes/<int:pk>/estimates/", estimate_files.process_estimates, name="process_estimates"),
    path(
        "processes/<int:pk>/estimates.csv", estimate_files.process_file, {"kind": "csv"}, name="process_estimates_csv"
    ),
    path(
        "processes/<int:pk>/estimates.xlsx",
        estimate_files.process_file,
        {"kind": "xlsx"},
        name="process_estimates_xlsx",
    ),
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
    path("estimates/", WorkspaceEstimatesView.as_view(), name="estimates"),
    path("estimates/files/<int:pk>/", EstimateWrittenView.as_view(), name="estimate-file"),
    path("estimates.csv", EstimateFileView.as_view(kind="csv"), name="estimates-csv"),
    path("estimates.xlsx", EstimateFileView.as_view(kind="xlsx"), name="estimates-xlsx"),
    path("processes/<int:pk>/estimates/", ProcessEstimatesView.as_view(), name="process-estimates"),
    path("processes/<int:pk>/estimates.csv", ProcessEstimateFileView.as_view(kind="csv"), name="process-estimates-csv"),
    path(
        "processes/<int:pk>/estimates.xlsx", ProcessEstimateFileView.as_view(kind="xlsx"), name="process-estimates-xlsx"
    ),
    path("shared-costs/", SharedCostsView.as_view(), name="shared-costs"),
    path("shared-costs/<int:pk>/", SharedCostView.as_view(), name="shared-cost-detail"),
    path("processes/<int:pk>/reports/", ReportsView.as_view(), name="process-reports"),
    path("reports/<int:pk>/", ReportView.as_view(), name="report-detail"),
    path("reports/<int:pk>/report.pdf", ReportDocumentView.as_view(), name="report-pdf"),
    path("reports/<int:pk>/report.xlsx", ReportWorkbookView.as_view(), name="report-xlsx"),
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
    path("ranking/", WorkspaceRankingView.as_view(), name="ranking"),
    path("processes/<int:pk>/scenarios/", ScenariosView.as_view(), name="process-scenarios"),
    path("processes/<int:pk>/effect/", EffectView.as_view(), name="process-effect"),
    path("scenarios/<int:pk>/", ScenarioView.as_view(), name="scenario-detail"),
    path("processes/<int:pk>/suitability/", ProcessSuitabilityView.as_view(), name="process-suitability"),
    path("tasks/<int:pk>/suitability/", SuitabilityView.as_view(), name="task-suitability"),
    path("tasks/<int:pk>/decision/", DecisionView.as_view(), name="task-decision"),
    path("tasks/<int:pk>/estimate/", EstimateView.as_view(), name="task-estimate"),
    path("tasks/<int:pk>/estimate/template/", EstimateTemplateView.as_view(), name="task-estimate-template"),
    path("estimate-templates/", EstimateTemplatesView.as_view(), name="estimate-templates"),
    path("tasks/<int:pk>/results/", ResultsView.as_view(), name="task-results"),
    *router.urls,
]
