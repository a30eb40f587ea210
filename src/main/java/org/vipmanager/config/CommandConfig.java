package org.vipmanager.config;

import java.time.Duration;
import java.util.List;

/**
 * The program that has a provider route addresses.
 *
 * @param command the program and its arguments
 * @param timeout after which it is killed
 * @param checkInterval the time between two looks whether an address still is where it was
 * @param environment the names of variables that are handed on to it
 */
public record CommandConfig(
        List<String> command, Duration timeout, Duration checkInterval, List<String> environment) {}
