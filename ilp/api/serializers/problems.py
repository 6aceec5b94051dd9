from __future__ import annotations

from typing import Any

from rest_framework import serializers


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal (RFC 9457); nothing was saved."""

    type = serializers.CharField(help_text="Always `about:blank`: `title` and `status` say it")
    title = serializers.CharField(help_text="The name of the HTTP status, in English")
    status = serializers.IntegerField(help_text="The HTTP status, as in the answer's first line")
    code = serializers.CharField(help_text="For programs: `invalid`, `not_found`, `throttled` …")
    detail = serializers.CharField(help_text="For people, in the language of the answer")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by name of the parameter or field; only with `invalid`",
    )
