#!/bin/sh
# Stands in for an ffmpeg that was built without what it needs.
echo "no such codec today" >&2
exit 1
