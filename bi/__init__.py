"""What reads the published marts beside analysts: business-intelligence workspaces as code."""
