"""What somebody typed into a search box, for as long as the list it narrows is in use."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.database import UtcDateTime
from portal.encrypted import Encrypted
from portal.extensions import Model
from portal.ids import public_id


class TypedSearch(Model):
    """The words of one search; the address of the list carries `public_id` in their place."""

    __tablename__ = "typed_search"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    #: A JSON object: the name of the field and what was typed into it.
    words: Mapped[str] = mapped_column(Encrypted("typed_search.words"))
    typed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
