"""What `tthc.toml` says of the public site, and what all its tables share."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class Strict(BaseModel):
    """A table of `tthc.toml`: no key that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def web_address(value: str) -> str:
    """An address of the web, or none. Raises ValueError."""
    if value and (not value.startswith(("http://", "https://")) or "@" in value):
        raise ValueError("ghi http(s)://..., không có khóa, mật khẩu / write http(s)://..., without keys or passwords")
    return value


class PublishSettings(Strict):
    """What `tthc publish` makes public, and in whose name."""

    publisher: str = ""
    """The agency that publishes; "" = the province's name."""
    address: Annotated[str, AfterValidator(web_address)] = ""
    """Where the site will be found; "" = addresses in it are relative."""
    licence: Annotated[str, AfterValidator(web_address)] = ""
    """Address of the licence of the open data."""
    mask_small: bool = False
    """Numbers under five of slips and petitions are kept back."""
