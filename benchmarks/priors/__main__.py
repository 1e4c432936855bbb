"""Learn priors: python -m benchmarks.priors PROGRAMS.jsonl --explored FILE [--learnt FILE] [--leave-out GROUP].

Exploring takes the better part of an hour for some hundred programs; it goes on where it was stopped. `make
bench-repair` with `--priors FILE` then judges what was learnt, on a group that was left out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Final

from autodev.repair.batch import BatchProgram, read_program
from autodev.repair.model import RepairError
from autodev.repair.search.experience import as_document
from autodev.repair.search.priors import shipped
from benchmarks.priors.counting import counted
from benchmarks.priors.exploring import Explored, explore
from benchmarks.sandbox.engines import ALL, closing

CANDIDATES: Final = 1_500


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.priors", description="Learn which edits are right.")
    parser.add_argument("programs", type=Path, help="in the form of `autodev repair --batch`")
    parser.add_argument("--explored", type=Path, required=True, metavar="FILE", help="one line a program; resumed")
    parser.add_argument("--learnt", type=Path, metavar="FILE", help="where to write the counts")
    parser.add_argument("--leave-out", metavar="GROUP", help="ids that begin so are not learnt from")
    parser.add_argument("--candidates", type=int, default=CANDIDATES, help="for each program (%(default)s)")
    options = parser.parse_args()
    lines = options.programs.read_text(encoding="utf-8").splitlines()
    programs = [read_program(json.loads(line)) for line in lines if line.strip()]
    explored = asyncio.run(_explored(programs, options.explored, options.candidates))
    kept = [each for each in explored if not (options.leave_out and each.group == options.leave_out)]
    if options.learnt:
        document = {
            "programs": len(kept),
            "from": options.programs.name,
            "by": f"python -m benchmarks.priors, {options.candidates} candidates each",
            "operators": as_document(counted(kept)),
        }
        options.learnt.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    repaired = sum(bool(each.right) for each in kept)
    sys.stdout.write(f"learnt from {len(kept)} programs, {repaired} of them repaired\n")
    return 0


async def _explored(programs: list[BatchProgram], path: Path, candidates: int) -> list[Explored]:
    known = _known(path)
    with closing(ALL["namespaces"](2)) as engine, path.open("a", encoding="utf-8") as file:
        for number, program in enumerate(programs, start=1):
            if program.program_id in known:
                continue
            try:
                each = await explore(program, engine, candidates, shipped())
            except RepairError as error:
                sys.stderr.write(f"{program.program_id}: {error}\n")
                continue
            known[program.program_id] = each
            file.write(json.dumps(each.document()) + "\n")
            file.flush()
            told = f"{each.plausible} plausible, {len(each.right)} right"
            sys.stderr.write(f"{number}/{len(programs)} {program.program_id}: {told}\n")
    return list(known.values())


def _known(path: Path) -> dict[str, Explored]:
    if not path.exists():
        return {}
    found = [Explored(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    return {each.program_id: each for each in found}


if __name__ == "__main__":
    sys.exit(main())
