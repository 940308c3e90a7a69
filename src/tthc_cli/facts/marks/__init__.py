"""What is known of the nine criteria besides dossiers: appraised and self marks, findings, slips."""
