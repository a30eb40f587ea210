/**
 * What this daemon knows, for whoever asks: recorded on the loop by {@link
 * org.vipmanager.status.StatusRecorder}, written as JSON by {@link
 * org.vipmanager.status.StatusDocument}, and told over a Unix socket by {@link
 * org.vipmanager.status.ControlSocket}. Nobody who reads can make the loop wait.
 */
@NullMarked
package org.vipmanager.status;

import org.jspecify.annotations.NullMarked;
