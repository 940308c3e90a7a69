"""The generator's modules are scripts beside one another: put their folder on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "sample_data"))
