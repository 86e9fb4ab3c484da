"""A HubSpot on the loopback: keeps objects, refuses the same unique value twice, and checks requests by its API."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.channels.receiver import Got

SHARED = Path(os.environ.get("WINNOW_SHARED") or Path(__file__).parents[2] / ".." / "shared")
SPECIFICATION = SHARED / "data" / "crm-api" / "hubspot_crm_v3_objects.json"
AT = "2026-03-10T15:00:00Z"
Answer = tuple[int, dict[str, str], bytes]


class Specification:
    """The parts of OpenAPI that its requests use: paths, query, and the schema of a body."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._schemas, self._paths = document["components"]["schemas"], document["paths"]

    def flaws(self, got: Got) -> list[str]:
        """What is wrong with a request."""
        parts = urlsplit(got.path)
        fits = [path for path in self._paths if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), parts.path)]
        if not fits:
            return [f"no path {parts.path}"]
        path = min(fits, key=lambda each: each.count("{"))
        operation = self._paths[path].get(got.method.lower())
        if operation is None:
            return [f"no {got.method} {path}"]
        known = {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
        found = [f"no query {name} in {path}" for name in parse_qs(parts.query) if name not in known]
        wanted = operation.get("requestBody")
        if wanted is None:
            return [*found, *(["a body where none is"] if got.body else [])]
        schema = wanted["content"]["application/json"]["schema"]
        return [*found, *self._check(got.json, schema, path)]

    def _check(self, value: Any, schema: dict[str, Any], where: str) -> list[str]:
        if "$ref" in schema:
            return self._check(value, self._schemas[schema["$ref"].rpartition("/")[2]], where)
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
        kind = schema.get("type")
        if kind and not isinstance(value, kinds[kind]):
            return [f"{where} is no {kind}: {value!r}"]
        if "enum" in schema and value not in schema["enum"]:
            return [f"{where} is none of {schema['enum']}"]
        if kind == "array":
            return [
                flaw for at, one in enumerate(value) for flaw in self._check(one, schema["items"], f"{where}[{at}]")
            ]
        if kind != "object":
            return []
        found = [f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value]
        properties, more = schema.get("properties", {}), schema.get("additionalProperties", False)
        for name, one in value.items():
            inner = properties.get(name, more)
            if inner is False:
                found.append(f"{where}.{name} is unknown")
            elif isinstance(inner, dict):
                found += self._check(one, inner, f"{where}.{name}")
        return found


class HubSpotThere:
    """What is kept there. `before` and `after` may misbehave: they get the request and may return an answer."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, dict[str, Any]]] = {}
        self.flaws: list[str] = []
        self.calls: list[str] = []
        self.before: Callable[[Got], Any] = lambda got: None
        self.after: Callable[[Got], Any] = lambda got: None
        self.token = "pat-na1-secret"
        self._lock = threading.Lock()
        self._count = 100
        self._specification = (
            Specification(json.loads(SPECIFICATION.read_text("utf-8"))) if SPECIFICATION.exists() else None
        )

    def __call__(self, got: Got) -> Any:
        wrong = self.before(got)
        if wrong is not None:
            return wrong
        with self._lock:
            self.calls.append(f"{got.method} {got.path.partition('?')[0]}")
            if self._specification:
                self.flaws += self._specification.flaws(got)
            answer = self._answer(got)
        wrong = self.after(got)
        return answer if wrong is None else wrong

    def of(self, kind: str) -> list[dict[str, Any]]:
        return list(self.objects.get(kind, {}).values())

    def make(self, kind: str, **properties: str) -> str:
        self._count += 1
        number = str(self._count)
        self.objects.setdefault(kind, {})[number] = {
            "id": number, "properties": properties, "ties": [], "createdAt": AT, "updatedAt": AT, "archived": False,
        }  # fmt: skip
        return number

    def _answer(self, got: Got) -> Answer:
        if got.head.get("authorization") != f"Bearer {self.token}":
            return self._error(401, "INVALID_AUTHENTICATION")
        parts = urlsplit(got.path)
        _, _, _, _, kind, *rest = parts.path.split("/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if rest == ["batch", "upsert"]:
            return self._upsert(kind, got.json)
        if rest == ["search"]:
            return self._search(kind, got.json)
        if rest == ["gdpr-delete"]:
            gone = self.objects.get(kind, {}).pop(got.json["objectId"], None)
            return (204, {}, b"") if gone else self._error(404, "OBJECT_NOT_FOUND")
        if rest:
            return self._one(kind, unquote(rest[0]), query.get("idProperty", ""), got)
        return self._create(kind, got.json)

    def _upsert(self, kind: str, asked: dict[str, Any]) -> Answer:
        results = []
        for one in asked["inputs"]:
            number = self._find(kind, one["idProperty"], one["id"])
            new = number is None
            number = number or self.make(kind, **{one["idProperty"]: one["id"]})
            self.objects[kind][number]["properties"] |= one["properties"]
            results.append({**self._shown(kind, number), "new": new})
        return self._json(200, {"completedAt": AT, "startedAt": AT, "status": "COMPLETE", "results": results})

    def _search(self, kind: str, asked: dict[str, Any]) -> Answer:
        wanted = asked["filterGroups"][0]["filters"][0]
        number = self._find(kind, wanted["propertyName"], wanted["value"])
        results = [self._shown(kind, number)] if number else []
        return self._json(200, {"total": len(results), "results": results})

    def _one(self, kind: str, key: str, by: str, got: Got) -> Answer:
        number = self._find(kind, by, key) if by else key if key in self.objects.get(kind, {}) else None
        if number is None:
            return self._error(404, "OBJECT_NOT_FOUND")
        if got.method == "PATCH":
            self.objects[kind][number]["properties"] |= got.json["properties"]
        return self._json(200, self._shown(kind, number))

    def _create(self, kind: str, asked: dict[str, Any]) -> Answer:
        for unique in ("winnow_id", "email"):
            value = asked["properties"].get(unique)
            if value and self._find(kind, unique, value):
                return self._error(409, "CONFLICT")
        ties = asked.get("associations", [])
        known = {number for objects in self.objects.values() for number in objects}
        if any(tie["to"]["id"] not in known for tie in ties):
            return self._error(400, "VALIDATION_ERROR")
        number = self.make(kind, **asked["properties"])
        self.objects[kind][number]["ties"] = [tie["to"]["id"] for tie in ties]
        return self._json(201, self._shown(kind, number))

    def _find(self, kind: str, name: str, value: str) -> str | None:
        objects = self.objects.get(kind, {}).items()
        return next((number for number, one in objects if one["properties"].get(name) == value), None)

    def _shown(self, kind: str, number: str) -> dict[str, Any]:
        return {name: value for name, value in self.objects[kind][number].items() if name != "ties"}

    @staticmethod
    def _json(code: int, document: Any) -> Answer:
        return code, {"Content-Type": "application/json"}, json.dumps(document).encode()

    @staticmethod
    def _error(code: int, category: str) -> Answer:
        document = {"category": category, "correlationId": "0", "message": category.lower(), "status": "error"}
        return HubSpotThere._json(code, document)
