/**
 * The program: {@link org.vipmanager.Main} reads the settings, runs the daemon and turns the
 * outcome into an exit code.
 */
@NullMarked
package org.vipmanager;

import org.jspecify.annotations.NullMarked;
