"""What may be set from outside, each with its unit, its bounds and what it is for; read at the doors only."""

from __future__ import annotations

import os
from datetime import timedelta
from enum import StrEnum

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from hotspot.model import Parameters


class StoreSettings(BaseSettings):
    """Where everything is kept; set as `HOTSPOT_STORE_URL`."""

    model_config = SettingsConfigDict(env_prefix="HOTSPOT_", frozen=True)

    store_url: str = Field(
        "sqlite:///hotspot.db",
        description="Database: `sqlite:///FILE` (the embedded default) or `postgresql://USER@HOST/NAME`.",
    )


class Access(StrEnum):
    """Who may use the service."""

    LOCAL = "local"
    """The user of this machine sees all; nobody else may come."""
    CONTROLLED = "controlled"
    """Everybody sees what is open; keys and tokens show more."""


class ServiceSettings(BaseSettings):
    """What the command line must know of the service; set as `HOTSPOT_API_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="HOTSPOT_API_", frozen=True)

    access: Access = Field(
        Access.LOCAL,
        description="`local`: the user of this machine sees all, and the service answers nobody else; "
        "`controlled`: everybody sees what is open, keys and tokens show more.",
    )
    time_to_stop: timedelta = Field(
        timedelta(seconds=30),
        ge=timedelta(0),
        le=timedelta(minutes=10),
        description="How long a service that is told to stop goes on with the requests that it has begun.",
    )


class DetectionSettings(BaseSettings):
    """How hotspots are found; nothing must be set. Each may be set as `HOTSPOT_DETECTION_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="HOTSPOT_DETECTION_", frozen=True)

    window_weeks: int = Field(
        4, ge=1, le=13, description="Weeks that a detection looks at, the named week being the last."
    )
    baseline_weeks: int = Field(
        52, ge=8, le=260, description="Weeks before the window with which the window is compared."
    )
    radius_m: float = Field(
        200.0,
        ge=50.0,
        le=400.0,
        description="Radius in metres of the largest circle that is searched; smaller ones are searched too.",
    )
    min_incidents: int = Field(
        3, ge=2, le=100, description="Events in the window that a candidate needs at the least."
    )
    alpha: float = Field(
        0.05,
        ge=0.001,
        le=0.2,
        description="Chance that a theme shows any false confirmed hotspot in a week, at most.",
    )
    false_share: float = Field(
        0.1,
        ge=0.0,
        le=0.5,
        description="Share of false ones among all listed that is accepted for likely ones; 0 lists none.",
    )
    replicates: int = Field(
        999, ge=99, le=99_999, description="Monte Carlo replicates of the whole search; (n + 1) alpha whole."
    )
    seed: int = Field(0, ge=0, description="Start of the random numbers: the same seed gives the same bytes.")

    def parameters(self) -> Parameters:
        """
        Hand the settings to the pipeline, which reads none itself.

        Returns
        -------
        hotspot.model.Parameters
            The same values.
        """
        return Parameters(**self.model_dump())


def export_store_url(store_url: str) -> None:
    """
    Hand a store named on the command line to the service, which reads its settings itself.

    Parameters
    ----------
    store_url
        Database address as in `StoreSettings`.
    """
    os.environ["HOTSPOT_STORE_URL"] = store_url
