"""The control work of the office: costs of procedures, the plan."""
