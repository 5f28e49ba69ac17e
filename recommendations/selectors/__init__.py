"""What lists, dashboard and digests count and show to each reader."""
