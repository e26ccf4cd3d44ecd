"""What can be done to processes, tasks, suitability, values and foresight."""

from planner.services.assumption_defaults import assumption_defaults_update
from planner.services.decisions import decision_update
from planner.services.discarding import log_upload_discard
from planner.services.editing import process_edit
from planner.services.estimate_file_job import estimate_file_write
from planner.services.estimate_import import ImportPreview, estimate_import_apply, estimate_import_preview
from planner.services.estimate_import_job import ImportStarted, estimate_import_start
from planner.services.estimate_template import estimate_template_apply
from planner.services.estimates import estimate_prefill, estimate_undo, estimate_update
from planner.services.examples import Example, example_load, examples_available
from planner.services.filtering import graph_filter_apply, graph_filter_preview
from planner.services.foresight import (
    foresight_screen,
    target_check,
    target_choose,
    target_read,
    targets_propose,
    task_screen,
)
from planner.services.graph import flow_add, flow_delete, flow_restore, flow_update
from planner.services.import_job import log_import_compute, log_import_publish
from planner.services.imports import (
    checked_mapping,
    log_import_start,
    log_upload_create,
    log_upload_look,
    log_upload_map,
    log_upload_replace,
)
from planner.services.log_comparison import LogComparison, log_compare
from planner.services.log_deletion import log_delete, log_derived
from planner.services.measured import measured_value_record
from planner.services.measuring import log_measure_start
from planner.services.mending import graph_mend
from planner.services.page_job import page_or_job
from planner.services.portfolio_entry import PortfolioEntry
from planner.services.portfolio_job import portfolio_choose_start
from planner.services.portfolios import (
    portfolio_create,
    portfolio_decide,
    portfolio_delete,
    portfolio_update,
)
from planner.services.processes import process_create, process_delete, process_rename, process_update
from planner.services.ranking import RankedTask, Ranking, ranking_of, ranking_or_job, ranking_order
from planner.services.remeasuring import log_apply, log_match
from planner.services.reports import report_delete, report_start
from planner.services.scenarios import ScenarioEntry, scenario_create, scenario_delete, scenario_update
from planner.services.sent_mapping import log_upload_take
from planner.services.shared_costs import SharedCostEntry, shared_cost_create, shared_cost_delete, shared_cost_update
from planner.services.snapshots import snapshot_undo, snapshot_undoable
from planner.services.stored_logs import log_in_use
from planner.services.suitability import GivenAnswer, suitabilities_update, suitability_answer
from planner.services.tasks import task_add, task_delete, task_rename, task_restore, task_update, tasks_update
from planner.services.training_tables import (
    TableFile,
    log_of,
    table_description,
    training_table_build,
    training_table_of,
)
from planner.services.values import ranking_start, values_awaited, values_follow, values_refresh, values_start
from planner.services.whole_graph import graph_replace
from planner.services.working_hours import hours_checked, process_hours_update, workspace_hours_update

__all__ = [
    "Example",
    "GivenAnswer",
    "ImportPreview",
    "ImportStarted",
    "LogComparison",
    "PortfolioEntry",
    "RankedTask",
    "Ranking",
    "ScenarioEntry",
    "SharedCostEntry",
    "TableFile",
    "assumption_defaults_update",
    "checked_mapping",
    "decision_update",
    "estimate_file_write",
    "estimate_import_apply",
    "estimate_import_preview",
    "estimate_import_start",
    "estimate_prefill",
    "estimate_template_apply",
    "estimate_undo",
    "estimate_update",
    "example_load",
    "examples_available",
    "flow_add",
    "flow_delete",
    "flow_restore",
    "flow_update",
    "foresight_screen",
    "graph_filter_apply",
    "graph_filter_preview",
    "graph_mend",
    "graph_replace",
    "hours_checked",
    "log_apply",
    "log_compare",
    "log_delete",
    "log_derived",
    "log_import_compute",
    "log_import_publish",
    "log_import_start",
    "log_in_use",
    "log_match",
    "log_measure_start",
    "log_of",
    "log_upload_create",
    "log_upload_discard",
    "log_upload_look",
    "log_upload_map",
    "log_upload_replace",
    "log_upload_take",
    "measured_value_record",
    "page_or_job",
    "portfolio_choose_start",
    "portfolio_create",
    "portfolio_decide",
    "portfolio_delete",
    "portfolio_update",
    "process_create",
    "process_delete",
    "process_edit",
    "process_hours_update",
    "process_rename",
    "process_update",
    "ranking_of",
    "ranking_or_job",
    "ranking_order",
    "ranking_start",
    "report_delete",
    "report_start",
    "scenario_create",
    "scenario_delete",
    "scenario_update",
    "shared_cost_create",
    "shared_cost_delete",
    "shared_cost_update",
    "snapshot_undo",
    "snapshot_undoable",
    "suitabilities_update",
    "suitability_answer",
    "table_description",
    "target_check",
    "target_choose",
    "target_read",
    "targets_propose",
    "task_add",
    "task_delete",
    "task_rename",
    "task_restore",
    "task_screen",
    "task_update",
    "tasks_update",
    "training_table_build",
    "training_table_of",
    "values_awaited",
    "values_follow",
    "values_refresh",
    "values_start",
    "workspace_hours_update",
]
