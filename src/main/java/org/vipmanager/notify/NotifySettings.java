package org.vipmanager.notify;

import java.time.Duration;
import java.util.List;

/**
 * What is run.
 *
 * @param command the program and its arguments
 * @param timeout after which it is killed, with all that it has started
 */
public record NotifySettings(List<String> command, Duration timeout) {}
