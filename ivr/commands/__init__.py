"""The `flask` commands: thin. Each reads its options, asks a desk or a room, and prints what it answers."""
