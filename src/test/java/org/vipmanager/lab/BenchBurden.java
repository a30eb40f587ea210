package org.vipmanager.lab;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What makes it hard for the daemons of a benchmark. */
enum BenchBurden {
    NONE,
    /** Every processor has more to do than it can. */
    PROCESSORS,
    /** The kernel takes away from each daemon what it had read of its own files, all the time. */
    MEMORY;

    /** Where each daemon is to be short of memory: a group of its own, if this machine has such. */
    Optional<MemoryGroup> group(Lab lab) {
        return this == MEMORY ? lab.memoryGroup() : Optional.empty();
    }

    /** Begins when all daemons have settled; closed at the end. */
    List<Saturation> begin(Stream<MemoryGroup> groups) {
        return switch (this) {
            case NONE -> List.of();
            case PROCESSORS -> List.of(Saturation.ofProcessors());
            case MEMORY -> {
                List<Saturation> each = groups.map(Saturation::ofMemory).toList();
                yield each.isEmpty() ? List.of(Saturation.start(Optional.empty())) : each;
            }
        };
    }
}
