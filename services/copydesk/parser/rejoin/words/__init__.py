"""Word lists by class of phenomenon; every list is general English and news style."""
