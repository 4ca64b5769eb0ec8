@NullMarked
package io.penstock.common.config;

import org.jspecify.annotations.NullMarked;
