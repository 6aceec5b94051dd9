from clusters.models.achievement import Achievement, AchievementTotal
from clusters.models.advice import SuggestedAction
from clusters.models.catalogue import Cluster, Indicator, Service
from clusters.models.override import SumOverride
from clusters.models.plausibility import PlausibilityConfirmation, PlausibilityRule
from clusters.models.schedule import DueShares, PriorityList
from clusters.models.target import Target

__all__ = [
    "Achievement",
    "AchievementTotal",
    "Cluster",
    "DueShares",
    "Indicator",
    "PlausibilityConfirmation",
    "PlausibilityRule",
    "PriorityList",
    "Service",
    "SuggestedAction",
    "SumOverride",
    "Target",
]
