#!/bin/sh
# Stands in for an ffmpeg that hangs on a slow disk.
exec sleep 60
