"""The control work of the office: costs, the plan, reconciliation, self-assessments."""
