"""The demo meeting: the pre-HLPF meeting of 9 July 2017 as a transcript that `rapporteur demo` replays."""
