@NullMarked
package io.penstock.sandbox.ssh;

import org.jspecify.annotations.NullMarked;
