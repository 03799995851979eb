#!/bin/sh
# Stands in for an ffmpeg that was built without zimg.
case "$*" in *zscale*) echo "No such filter: 'zscale'" >&2; exit 1 ;; esac
exec ffmpeg "$@"
