# SPDX-License-Identifier: CC-BY-SA-4.0
# Adapted from the Machine Learning Canvas v1.1 by Louis Dorard, https://www.ownml.co
"""The ten blocks of the Machine Learning Canvas with their typed fields, and two orders in which people fill them.

The blocks and what they ask are Louis Dorard's; the typed fields and the wording of the hints are ours.
"""

from canvas.domain.fields import Block, Field, Kind, Needs

ATTRIBUTION = "Machine Learning Canvas by Louis Dorard, ownml.co, CC BY-SA 4.0"
AUTHOR_URL = "https://www.ownml.co"
LICENCE_URL = "https://creativecommons.org/licenses/by-sa/4.0/"


TASK_TYPES = (
    ("binary_classification", "binary classification"),
    ("multiclass_classification", "classification into several classes"),
    ("regression", "regression"),
    ("forecasting", "forecasting"),
    ("ranking", "ranking"),
    ("anomaly_detection", "anomaly detection"),
)
MODES = (("real_time", "real time"), ("batch", "batch"))
TARGETS = (
    ("container", "container"),
    ("serverless", "serverless function"),
    ("in_application", "inside the application"),
    ("device", "on the device"),
)
YES_OR_NO = ("prediction_task", "task_type", ("binary_classification", "anomaly_detection"))
IN_REAL_TIME = ("making_predictions", "mode", ("real_time",))
IN_BATCHES = ("making_predictions", "mode", ("batch",))

NOTE = Field("note", "Also", Kind.PROSE, "What the fields do not say.", optional=True)


def _worth(key: str, label: str, hint: str) -> Field:
    return Field(
        key,
        label,
        Kind.MONEY,
        f"{hint} Costs are negative.",
        advice="Give an amount; costs are negative.",
        only=YES_OR_NO,
    )


VALUE_PROPOSITION = Block(
    "value_proposition",
    "Value Proposition",
    "Who uses it, what they try to reach, what they gain, through which workflow?",
    (
        Field("end_user", "Who", Kind.TEXT, "The people who use it, and how many there are."),
        Field("objective", "They try to", Kind.PROSE, "What these people want to reach."),
        Field(
            "benefit",
            "They gain",
            Kind.PROSE,
            "What they gain, in minutes, money or errors.",
            advice="Say how much: minutes a case, money a year, errors in 100.",
            needs=Needs.FIGURE,
        ),
        Field("workflow", "Through", Kind.PROSE, "Where in their work the prediction appears."),
        NOTE,
    ),
    older_name="Value Propositions",
)
PREDICTION_TASK = Block(
    "prediction_task",
    "Prediction Task",
    "What kind of task, on which entity, with which outcomes, observed when? Which simple rule is to beat?",
    (
        Field("task_type", "Type", Kind.CHOICE, "The kind of prediction.", choices=TASK_TYPES),
        Field("entity", "Entity", Kind.TEXT, "What one prediction is about, and at which moment."),
        Field("outcomes", "Outcomes", Kind.PROSE, "The outcomes to tell apart, and how often each happens."),
        Field(
            "wait_time",
            "Known after",
            Kind.DURATION,
            "How long until the outcome can be seen: 62 days.",
            advice="Give a number and a unit: 62 days.",
        ),
        Field("baseline_heuristic", "Rule to beat", Kind.PROSE, "The simple rule a model must do better than."),
        NOTE,
    ),
    older_name="ML Task",
)
DECISIONS = Block(
    "decisions",
    "Decisions",
    "How does a prediction become the value, and what are the parameters of that?",
    (
        Field("decision_rule", "Rule", Kind.PROSE, "What is done at which prediction."),
        Field(
            "threshold",
            "Threshold",
            Kind.NUMBER,
            "From which score on the answer counts as yes, 0 to 1.",
            advice="Give a number from 0 to 1.",
            lowest=0,
            highest=1,
            only=YES_OR_NO,
        ),
        Field("human_in_loop", "Person in the loop", Kind.PROSE, "Which cases a person still decides or checks."),
        Field("action", "Action", Kind.PROSE, "What happens to the case then, and what it may cost it."),
        NOTE,
    ),
)
IMPACT_SIMULATION = Block(
    "impact_simulation",
    "Impact Simulation",
    "May the model be deployed: on which test data, at which gain or cost of right and wrong decisions, how fair?",
    (
        Field(
            "test_set",
            "Test set",
            Kind.PROSE,
            "Which months, how many cases, kept away from training.",
            advice="Say which months and how many.",
            needs=Needs.FIGURE,
        ),
        _worth("value_tp", "Found", "Worth of a rightly given yes."),
        _worth("value_fp", "False alarm", "Worth of a yes that was wrong."),
        _worth("value_fn", "Missed", "Worth of a no that was wrong."),
        _worth("value_tn", "Rightly cleared", "Worth of a rightly given no."),
        Field(
            "minimum_acceptable",
            "May go live when",
            Kind.LIMITS,
            "One a line, figure and level: recall ≥ 0.62.",
            advice="Name the figure and the level: recall ≥ 0.62.",
        ),
        Field(
            "fairness_constraint",
            "Fairness",
            Kind.PROSE,
            "Between which groups the errors may differ, and by how much; or why none is needed.",
        ),
        NOTE,
    ),
    older_name="Offline Evaluation",
)
MAKING_PREDICTIONS = Block(
    "making_predictions",
    "Making Predictions",
    "When are predictions made, in how much time, on what?",
    (
        Field("mode", "When", Kind.CHOICE, "For one case as it comes, or for many at once.", choices=MODES),
        Field(
            "schedule",
            "How often",
            Kind.TEXT,
            "When the batch runs: every night at 02:00.",
            advice="Say when: every night at 02:00.",
            needs=Needs.MOMENT,
            only=IN_BATCHES,
        ),
        Field(
            "latency_budget_ms",
            "Time allowed",
            Kind.NUMBER,
            "How long one prediction may take.",
            advice="Give milliseconds; whoever asks waits for it.",
            unit="ms",
            lowest=1,
            highest=3_600_000,
            only=IN_REAL_TIME,
        ),
        Field("target", "Runs on", Kind.CHOICE, "Where the model is computed.", choices=TARGETS),
        NOTE,
    ),
)
DATA_COLLECTION = Block(
    "data_collection",
    "Data Collection",
    "Where do the first cases come from, how do new ones follow, and what does an outcome cost to observe?",
    (
        Field(
            "initial_set",
            "To begin with",
            Kind.PROSE,
            "How many cases with a known outcome there are, from when.",
            advice="Say how many cases, from which months.",
            needs=Needs.FIGURE,
        ),
        Field(
            "update_rate",
            "Then",
            Kind.TEXT,
            "How many new outcomes come in a month or year.",
            advice="Say how many a month or a year.",
            needs=Needs.FIGURE,
        ),
        Field(
            "holdout_share",
            "Held out in production",
            Kind.SHARE,
            "Share of cases decided without the model, to keep measuring it.",
            advice="Give a percentage: 2 %.",
            unit="%",
            lowest=0,
            highest=1,
        ),
        Field(
            "label_cost",
            "Cost of a label",
            Kind.MONEY,
            "What it costs to learn one outcome; 0 where the process records it.",
            advice="Give an amount; 0 where the process records it.",
            lowest=0,
        ),
        NOTE,
    ),
    older_name="Collecting Data",
)
DATA_SOURCES = Block(
    "data_sources",
    "Data Sources",
    "Where does raw information on entities and outcomes come from?",
    (
        Field(
            "sources",
            "Sources",
            Kind.ROWS,
            "One a line: name | type | location.",
            columns=("name", "type", "location"),
        ),
        NOTE,
    ),
)
FEATURES = Block(
    "features",
    "Features",
    "Which inputs are known at prediction time?",
    (
        Field(
            "features",
            "Known at that moment",
            Kind.ROWS,
            "One a line: name | type | unit | source.",
            columns=("name", "type", "unit", "source"),
        ),
        NOTE,
    ),
    older_name="Features (Engineering)",
)
BUILDING_MODELS = Block(
    "building_models",
    "Building Models",
    "How many models, updated when, in how much time?",
    (
        Field(
            "model_count",
            "Models",
            Kind.NUMBER,
            "How many models are needed.",
            advice="Give a whole number.",
            lowest=1,
            highest=10_000,
            whole=True,
        ),
        Field(
            "retrain_trigger",
            "Trained again",
            Kind.TEXT,
            "When: every quarter, or when a named figure passes a level.",
            advice="Say when: every quarter, or a figure and its level.",
            needs=Needs.MOMENT,
        ),
        Field(
            "training_time_budget",
            "Time allowed",
            Kind.DURATION,
            "How long a training may take: 2 hours.",
            advice="Give a number and a unit: 2 hours.",
        ),
        NOTE,
    ),
)
MONITORING = Block(
    "monitoring",
    "Monitoring",
    "Which figures show the value created and the model's effect in production?",
    (
        Field("business_metrics", "Business", Kind.LINES, "Figures of value, one a line."),
        Field("model_metrics", "Model", Kind.LINES, "Figures of the model, one a line."),
        Field(
            "alert_thresholds",
            "Alert",
            Kind.LIMITS,
            "One a line, figure, level, who is told: recall < 0.55, data team.",
            advice="Name the figure, the level and who is told.",
        ),
        NOTE,
    ),
    older_name="Live Evaluation and Monitoring",
)

SHEET = (
    PREDICTION_TASK,
    DECISIONS,
    VALUE_PROPOSITION,
    DATA_COLLECTION,
    DATA_SOURCES,
    IMPACT_SIMULATION,
    MAKING_PREDICTIONS,
    BUILDING_MODELS,
    FEATURES,
    MONITORING,
)
"""All ten, in the order in which the sheet is read from the top left."""

BLOCKS: dict[str, Block] = {block.key: block for block in SHEET}

DORARD = (
    VALUE_PROPOSITION,
    PREDICTION_TASK,
    DECISIONS,
    MAKING_PREDICTIONS,
    IMPACT_SIMULATION,
    DATA_SOURCES,
    DATA_COLLECTION,
    FEATURES,
    BUILDING_MODELS,
    MONITORING,
)
"""Louis Dorard's order: value, then the Predict side, then the Learn side, then monitoring."""

ML_OPS = (
    VALUE_PROPOSITION,
    DATA_SOURCES,
    PREDICTION_TASK,
    FEATURES,
    IMPACT_SIMULATION,
    DECISIONS,
    MAKING_PREDICTIONS,
    DATA_COLLECTION,
    BUILDING_MODELS,
    MONITORING,
)
"""The order of ml-ops.org, phase zero."""

FREE = "free"
ORDERS: dict[str, tuple[Block, ...]] = {"dorard": DORARD, "ml-ops": ML_OPS, FREE: SHEET}
ORDER_NAMES = {"dorard": "Predict side first (Dorard)", "ml-ops": "Data first (ml-ops.org)", FREE: "In any order"}


class UnknownField(ValueError):
    """No such block or field; `where` is the path asked for."""

    def __init__(self, where: str) -> None:
        super().__init__(f"The canvas has no field “{where}”.")
        self.where = where


def field_of(block: str, key: str) -> Field:
    """The field of a block; UnknownField when the sheet has none of that name.

    >>> field_of("decisions", "threshold").label
    'Threshold'
    """
    for field in BLOCKS[block].fields if block in BLOCKS else ():
        if field.key == key:
            return field
    raise UnknownField(f"{block}.{key}")
