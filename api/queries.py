"""The parameters of a request: each is read by its own rule, and all mistakes are told at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from hotspot.errors import InvalidInput, InvalidQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

T = TypeVar("T")
D = TypeVar("D")

MAX_TOLD = 60
"""Characters of a wrong value that are told back."""

MAX_MISTAKES = 20
"""Mistakes that are told of one request; who makes more is not reading them."""


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T]):
    """
    One thing that a request may say.

    Parameters
    ----------
    name
        Its name.
    parse
        Reads its text, or raises `InvalidInput`.
    schema
        Its JSON schema.
    description
        What it does, for people.
    example
        A value that makes sense.
    in_path
        Whether it is a part of the address.
    """

    name: str
    parse: Callable[[str], T]
    schema: Mapping[str, Any]  # Any: a JSON schema.
    description: str
    example: object
    in_path: bool = False

    def document(self) -> dict[str, Any]:  # Any: a JSON document.
        """
        Write the parameter as OpenAPI does.

        Returns
        -------
        dict
            A Parameter Object.
        """
        style = {"style": "simple"} if self.in_path else {"style": "form"}
        return {
            "name": self.name,
            "in": "path" if self.in_path else "query",
            "required": self.in_path,
            "description": self.description,
            **style,
            "explode": False,
            "schema": dict(self.schema),
            "example": self.example,
        }


class Reader:
    """
    Reads the parameters of one request and keeps every mistake until `finish` tells them all.

    Parameters
    ----------
    request
        The request.
    """

    def __init__(self, request: Request) -> None:
        self._query: dict[str, list[str]] = {}
        for name, text in request.query_params.multi_items():
            self._query.setdefault(name, []).append(text)
        self._path = request.path_params
        self._known: set[str] = set()
        self._properties: set[str] = set()
        self._mistakes: dict[str, str] = {}

    def read(self, parameter: Parameter[T], default: D) -> T | D:
        """
        Read one parameter.

        Parameters
        ----------
        parameter
            What to read.
        default
            What it is when it is not given.

        Returns
        -------
        object
            Its value; the default also where there is a mistake in it, which `finish` will tell.
        """
        name = parameter.name
        if parameter.in_path:
            texts = [str(self._path[name])]
        else:
            self._known.add(name)
            texts = self._query.get(name, [])
        if not texts:
            return default
        if len(texts) > 1:
            self._mistakes[name] = f"{name} must be given once, got {len(texts)}"
            return default
        try:
            return parameter.parse(texts[0])
        except InvalidInput as error:
            self._mistakes[name] = str(error)
            return default

    def read_given(self, parameters: Mapping[str, Parameter[T]]) -> dict[str, T]:
        """
        Read those of many parameters that are given.

        Parameters
        ----------
        parameters
            Parameters of the query by their names.

        Returns
        -------
        dict
            Values by name; those with a mistake in them, which `finish` will tell, are left out.
        """
        self._properties |= parameters.keys()
        given = [name for name in self._query if name in parameters]
        found = {name: self.read(parameters[name], None) for name in given}
        return {name: value for name, value in found.items() if value is not None}

    def refuse(self, parameter: Parameter[T], message: str) -> None:
        """
        Note a mistake that only shows beside other parameters.

        Parameters
        ----------
        parameter
            The parameter that is wrong.
        message
            What was required and what came.
        """
        self._mistakes[parameter.name] = message

    def finish(self) -> None:
        """
        Refuse the request if anything in it was wrong.

        Raises
        ------
        InvalidQuery
            With every mistake, unknown parameters among them.
        """
        named = sorted(self._known - self._properties)
        allowed = ", ".join(named) if named else "none"
        if self._properties:
            allowed += ", and the properties among the queryables"
        for name in self._query.keys() - self._known - self._properties:
            message = f"{told(name)} is no parameter of this address; it has: {allowed}"
            self._mistakes[name[:MAX_TOLD]] = message
        if self._mistakes:
            mistakes = sorted(self._mistakes.items())
            raise InvalidQuery(dict(mistakes[:MAX_MISTAKES]))


def no_parameters(request: Request) -> None:
    """
    Refuse every parameter, where an address takes none.

    Parameters
    ----------
    request
        The request.

    Raises
    ------
    InvalidQuery
        If the request has any.
    """
    Reader(request).finish()


def told(text: str) -> str:
    """
    Show a wrong value in a message without letting it take over.

    Parameters
    ----------
    text
        What came.

    Returns
    -------
    str
        It in quotes, shortened, with what cannot be printed escaped.
    """
    return repr(text if len(text) <= MAX_TOLD else text[:MAX_TOLD] + "...")
