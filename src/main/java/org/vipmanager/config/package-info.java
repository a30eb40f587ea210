/**
 * The configuration: {@link org.vipmanager.config.Settings} is the one table of everything that can
 * be set, {@link org.vipmanager.config.ConfigLoader} reads flags, environment and file by it and
 * makes a {@link org.vipmanager.config.Config}, or a list of all mistakes. Enter there.
 */
@NullMarked
package org.vipmanager.config;

import org.jspecify.annotations.NullMarked;
