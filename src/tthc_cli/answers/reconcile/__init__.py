"""Our counts beside what others reported of the same period, and what explains a difference."""
