"""The ranked list, offered beside the services that change what it rests on."""

from planner.selectors.value_ranking import RankedTask, Ranking, rank_tasks, ranking_of, ranking_order

__all__ = ["RankedTask", "Ranking", "rank_tasks", "ranking_of", "ranking_order"]
