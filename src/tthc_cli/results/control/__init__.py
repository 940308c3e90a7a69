"""What the control work hands to render: costs of procedures, inspections and their conclusions."""
