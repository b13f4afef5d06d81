#!/usr/bin/env bash
# Makes every sound of Lots: speech from texts.sv.txt with espeak-ng's Swedish voice, music with sox.
# Needs: espeak-ng, sox. Gives: 8 kHz, mono, 16-bit PCM WAV files beside this script, the same ones every time.
set -euo pipefail
cd "$(dirname "$0")"

for tool in espeak-ng sox; do
    command -v "$tool" >/dev/null || { echo "make.sh: $tool is missing; on Debian or Ubuntu: apt-get install espeak-ng sox" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Voice, speed (words a minute), pitch (0-99): one line for each speaker.
voice_options() {
    case "$1" in
        centre)     echo "-v sv+f2 -s 182 -p 45" ;;
        guide)      echo "-v sv+f4 -s 175 -p 55" ;;
        resident-a) echo "-v sv+m3 -s 175 -p 40" ;;
        resident-b) echo "-v sv+f3 -s 180 -p 60" ;;
        resident-c) echo "-v sv+m7 -s 170 -p 30" ;;
        *) echo "make.sh: unknown voice $1 in texts.sv.txt" >&2; return 1 ;;
    esac
}

# Telephone band, even loudness, a short rest before and after. -R: the same dither every time.
telephone() {
    sox -R "$1" -r 8000 -c 1 -b 16 "$2" gain -14 highpass 200 lowpass 3400 \
        silence 1 0.02 0.3% reverse silence 1 0.02 0.3% reverse compand 0.02,0.2 6:-60,-40,-18 -5 norm -4 pad 0.1 0.2
}

trim() { sed 's/^[[:space:]]*//; s/[[:space:]]*$//' <<<"$1"; }

while IFS='|' read -r name voice text; do
    name=$(trim "$name")
    case "$name" in '' | '#'*) continue ;; esac
    voice=$(trim "$voice")
    text=$(trim "$text")
    options=$(voice_options "$voice")
    # shellcheck disable=SC2086 # the options are several words
    espeak-ng $options -w "$work/$name.wav" -- "$text"
    telephone "$work/$name.wav" "$name.wav"
done <texts.sv.txt

# Music while waiting: four soft chords, each plucked twice, 20 s that end where they begin.
chord() { # file, notes in Hz
    local out=$1; shift
    local part=0 files=()
    for hz in "$@"; do
        sox -R -n -r 8000 -c 1 -b 16 "$work/part$part.wav" synth 2.5 pluck "$hz" delay "0.$((part * 3))" \
            trim 0 2.5 lowpass 2200 fade t 0.01 2.5 0.3
        files+=("$work/part$part.wav")
        part=$((part + 1))
    done
    sox -R -m "${files[@]}" "$out"
}
chord "$work/c1.wav" 261.63 329.63 392.00 493.88
chord "$work/c2.wav" 220.00 329.63 440.00 523.25
chord "$work/c3.wav" 174.61 261.63 349.23 440.00
chord "$work/c4.wav" 196.00 293.66 392.00 587.33
sox -R "$work"/c1.wav "$work"/c1.wav "$work"/c2.wav "$work"/c2.wav "$work"/c3.wav "$work"/c3.wav "$work"/c4.wav "$work"/c4.wav \
    -r 8000 -c 1 -b 16 music.wav reverb 30 norm -14

du -ch ./*.wav | tail -1
