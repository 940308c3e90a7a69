"""The sheets of the nine criteria: forms 01, 02 and 03-ĐGHL, faults, both laws side by side."""
