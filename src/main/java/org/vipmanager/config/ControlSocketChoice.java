package org.vipmanager.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a daemon is asked for its status.
 *
 * @param path empty where it has been turned off
 * @param isGiven whether somebody wrote it
 * @param mistakes what is wrong with it, or with the file that was to be read for it
 */
public record ControlSocketChoice(Optional<Path> path, boolean isGiven, List<Mistake> mistakes) {}
