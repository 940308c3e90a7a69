"""Codes of the national vocabulary, and moments, as facts write them."""

from __future__ import annotations

import numpy as np

DAY = 86_400
NEVER = np.iinfo(np.int64).max
"""A moment that does not come."""

REGISTERED, RECEIVED, REFUSED, IN_PROGRESS, SUPPLEMENT, FINANCE, WITHDRAWN, STOPPED, HANDLED, RETURNED = range(1, 11)
"""Codes of TrangThaiHoSo (domain vocabulary of the synchronisation service)."""
UNKNOWN_CHANNEL, DIRECT, ONLINE, POSTAL = range(4)
"""Codes of KenhThucHien; a word that nobody knows is 0."""
