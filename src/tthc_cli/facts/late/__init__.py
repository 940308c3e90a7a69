"""What is late, waits or stands still at a moment, and what the steps of the process log say of it."""
