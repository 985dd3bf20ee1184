"""The bare page: a minimal Django project whose one view shows the signed-in user's newest 25 rows."""
