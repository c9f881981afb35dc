"""Scripts of the migrations, oldest first."""
