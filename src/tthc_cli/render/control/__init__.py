"""Papers of the control work: costs of procedures, inspections and their conclusions."""
