/**
 * The command line: {@link org.vipmanager.cli.CommandLine} turns arguments and environment into
 * what is to be done. Enter there.
 */
@NullMarked
package org.vipmanager.cli;

import org.jspecify.annotations.NullMarked;
