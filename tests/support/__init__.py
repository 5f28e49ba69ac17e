"""What tests share: people, rows, servers, pages."""
