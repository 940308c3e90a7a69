"""What inspections check and by which signs they choose, as data: shipped, or a province's own copy."""
