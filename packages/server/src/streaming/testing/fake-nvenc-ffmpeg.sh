#!/bin/sh
# An ffmpeg whose h264_nvenc works on any machine: libx264 with another entropy coding, transform and number of
# references, so that its parameter sets differ from those of our software run. Where FAKE_NVENC_FRAMES is set, it dies
# after so many pictures of a film; its trial (testsrc2) it always passes.
case "$*" in *h264_nvenc*) ;; *) exec ffmpeg "$@" ;; esac
case "$*" in *testsrc2*) FAKE_NVENC_FRAMES= ;; esac
left=$#
while [ "$left" -gt 0 ]; do
  word=$1
  shift
  left=$((left - 1))
  case "$word" in
    h264_nvenc) set -- "$@" libx264 -x264-params cabac=0:8x8dct=0:ref=2:scenecut=0 ;;
    -preset | -tune | -rc | -cq | -rc-lookahead | -no-scenecut | -delay)
      shift
      left=$((left - 1))
      ;;
    -frames:v)
      set -- "$@" "$word" "${FAKE_NVENC_FRAMES:-$1}"
      shift
      left=$((left - 1))
      ;;
    *) set -- "$@" "$word" ;;
  esac
done
ffmpeg "$@" || exit $?
[ -z "$FAKE_NVENC_FRAMES" ] && exit 0
echo "the graphics chip fell off the bus" >&2
exit 1
