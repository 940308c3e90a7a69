"""Our count of a period beside what units say of themselves, and what others reported."""
