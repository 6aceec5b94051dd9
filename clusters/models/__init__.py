from clusters.models.achievement import Achievement, AchievementTotal
from clusters.models.catalogue import Cluster, Indicator, Service
from clusters.models.override import SumOverride
from clusters.models.plausibility import PlausibilityConfirmation, PlausibilityRule
from clusters.models.target import Target

__all__ = [
    "Achievement",
    "AchievementTotal",
    "Cluster",
    "Indicator",
    "PlausibilityConfirmation",
    "PlausibilityRule",
    "Service",
    "SumOverride",
    "Target",
]
